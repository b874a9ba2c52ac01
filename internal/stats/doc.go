// Package stats puts an interval on what was measured: proportions, means
// clustered by document, paired differences, ratios and any other statistic by
// bootstrap, agreement of judges, and the size at which an error rate crosses a
// threshold. Every result carries its n and the unit that was taken to be
// independent.
//
// It scores nothing; that is the sibling package metric. It knows no probes and
// no readers: what goes in is numbers and the names of their clusters.
//
// Results depend on the input and the seed alone. All functions are safe for
// concurrent use.
package stats
