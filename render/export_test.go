package render

// Names that the tests of this package use from outside.
type Step = step

type Reason = noteReason
