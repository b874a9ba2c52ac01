// Package search finds the config that keeps most of the meaning per token: a
// genetic search over configs, driven by the proposals of an LLM, for accuracy
// of a named reader against compression for a named model.
//
// It is not here yet: this version draws pages (package render) and reads them
// back (package eval), on which search will stand.
package search
