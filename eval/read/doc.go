// Package read has the readers of pages: a [Reader] turns a page image
// back into text, and package metric counts how far that is from what
// the page shows.
//
// A reader here is a real one that a person can name and install, such as
// tesseract. What it scores is a proxy: an OCR engine gets an enlarged line,
// a vision-language model a grid of patches. A number taken with one is quoted
// with the reader's name and says nothing of another.
package read
