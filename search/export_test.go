package search

// textOf is the text of a probe.
func textOf(r *Reading, i int) string { return r.probes[i].text }

// exactOf are the exact strings of a probe.
func exactOf(r *Reading, i int) []string { return r.probes[i].exact }
