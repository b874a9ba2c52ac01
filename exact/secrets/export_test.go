package secrets

// Names that the tests of this package use from outside.
var RuleIDs = ruleIDs

const RulesSHA256 = rulesSHA256
