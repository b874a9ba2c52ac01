// Package search finds configs that keep most of a text readable per image
// token: an evolutionary search with two objectives, accuracy of a named
// reader and characters per token of a named model, after Glyph
// (arXiv:2510.17800, section 3.4).
//
// The two objectives are used for what they are. Compression is exact and
// free: it comes first, and what is broken, a duplicate, too small or beaten
// out of hand is refused before anything is read. Accuracy is noisy and dear:
// candidates race over the same probes in the same order, and one is dropped
// as soon as another of at least its compression reads better beyond doubt.
//
// New candidates come from operators: typed mutation, crossover by gene
// group, samples of the theme mixtures, and a [Proposer], such as a language
// model. A bandit shares out the places by hypervolume gained per cost, so a
// proposer that does not earn its keep is starved.
//
// A run is a function of its options and of the answers of the [Problem] and
// the proposer. The run directory holds those answers; resuming is running
// again with the answers already there. So a run that was killed ends like
// one that was not, with any number of workers.
//
// The search itself draws and reads nothing: a [Problem] does. Package probe has
// the one for documents and a real reader, package genome what may be changed in
// a config, and package report what people get. [LLM] is the proposer that asks a
// language model, and [PlaybookFile] what is learned from run to run. Drawing,
// prices and readers are those of the packages render, model/plan and eval/read.
package search
