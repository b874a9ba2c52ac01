package ask

// Names that the tests of this package use from outside.
const Combine = combine
const Pages = pages
const Smaller = smaller
const Text = text

type Way = way
