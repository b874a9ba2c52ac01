// Package task makes the questions of the harness and scores their answers: a
// Task gives Probes, each a text to draw, a question that stays text, and the
// gold answer, and says how good an answer is.
//
// Each task also has a solver, which answers from a transcript of the pages by
// rules alone. A reader that only transcribes, such as Tesseract, is measured
// with it on every task. It is a solver, not a model: what it scores says
// whether the characters that the answer needs were read, not whether the text
// was understood, and is not to be set beside a model's score.
//
// The generated tasks have the shape of RULER, MRCR and acuity charts, with
// words, filler and questions of our own, so their scores compare configs and
// readers here and are near published ones at best. Loaders take the published
// files.
//
// The package draws no pages and calls no readers, which are the sibling
// packages render and eval. The formulas of scores are in package metric.
package task
