// Package benchmark scores an answer against its gold answer as the published
// benchmarks do: LongBench's eight metrics, RULER's two, and MRCR's. A score is
// between 0 and 1.
//
// Where a published metric is odd, the oddity is kept and described, so that a
// number can be set beside a published one. The metrics are defined by Python
// programs, so white space, letter case and digits are Python's.
//
// The package knows no tasks, which is eval/task, and puts no intervals on
// means, which is stats. All functions are pure and safe for concurrent use.
package benchmark
