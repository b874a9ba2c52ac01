// Package metric compares a text with what a reader made of it: an alignment,
// edit distance, and character and word error rates.
//
// The package knows no tasks, which is the sibling package task. All functions
// are pure and safe for concurrent use.
package metric
