package llm

// Names that the tests of this package use from outside.
var ErrTimeout = errTimeout

const BilledYes = billedYes
