package verify

import "slices"

// severity orders statuses, the worst for a reader of the answer first. Found
// is last.
var severity = map[Status]int{Contradicted: 0, Absent: 1, Ambiguous: 2, Repaired: 3, InQuestion: 4, Derived: 5, Found: 6}

// Statuses returns every status, the worst first.
func Statuses() []Status {
	return []Status{Contradicted, Absent, Ambiguous, Repaired, InQuestion, Derived, Found}
}

// WorstFirst returns the findings in the order in which a person should look at
// them: contradicted, absent, ambiguous, repaired, in the question only,
// derived, found in another notation, found as they stand. Findings of one sort
// keep their order.
func WorstFirst(findings []Finding) []Finding {
	out := slices.Clone(findings)
	rank := func(f Finding) int {
		if f.IsVerbatim() {
			return severity[Found] + 1
		}
		return severity[f.Status]
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return rank(a) - rank(b) })
	return out
}

// IsVerbatim tells whether the sources hold a string as the answer writes it.
func (f Finding) IsVerbatim() bool { return f.Status == Found && f.Source == "" }
