// Package calibrate finds how small type may be for a reader, in about 20 short
// calls, and makes a config of it.
//
// The reader gets acuity charts: lines of strings that nothing but their shape
// tells, half of them random, half of characters that look alike. They are drawn
// at falling sizes on pages that the model does not resample. Where the
// character error rate (CER) crosses a threshold is interpolated, with a
// bootstrap interval, and the config takes the upper end of that interval. A
// crossing outside the sizes that were measured is said, never extrapolated.
//
// What is found is the acuity of a reader on small pages, for one face. It is
// not the accuracy on long pages or on a task; that is the package eval.
package calibrate
