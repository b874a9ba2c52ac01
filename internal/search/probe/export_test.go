package probe

// TextOf is the text of a probe.
func TextOf(r *Reading, i int) string { return r.probes[i].text }

// ExactOf are the exact strings of a probe.
func ExactOf(r *Reading, i int) []string { return r.probes[i].exact }

// Folded is what scores compare of a text.
func Folded(s string) []rune { return folded(s) }

// PlantedStrings is how many exact strings a probe holds.
const PlantedStrings = plantedStrings
