package vision

// Names that the tests of this package use from outside.
const MaxPageSide = maxPageSide

var Rules = ruleList
