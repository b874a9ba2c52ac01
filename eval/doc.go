// Package eval measures how well pages are read: a [Reader] turns a page image
// back into text, and package metric counts how far that is from what
// the page shows.
//
// A reader here is a real one that a person can name and install, such as
// [Tesseract]. What it scores is a proxy: an OCR engine gets an enlarged line,
// a vision-language model a grid of patches. A number taken with one is quoted
// with the reader's name and says nothing of another.
//
// The package draws no pages; that is the sibling package render. Its folders
// build on it: ppocr is another reader, task has questions with their answers,
// run measures a config with both. Better settings are package search's.
package eval
