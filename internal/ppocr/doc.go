// Package ppocr reads pages with the recogniser of PP-OCR v4 for Chinese and
// English, run by ONNX Runtime. It is the better of the readers that work
// offline for identifiers and for Chinese.
//
// Only the recogniser is here, not PP-OCR's detector: where lines stand is
// taken from the page's layout, and from a projection profile for a page that
// came as a picture. A score thus says how lines are read, not how they are
// found.
//
// Model and library are no part of the module. [Install] fetches them, [Find]
// tells whether they are there, and [New] loads them. The library is loaded
// without cgo, on Linux and macOS; elsewhere, and in programs built with the
// tag static, New says that it is not supported. On Linux a program that can
// load a library is itself linked dynamically; the tag static avoids that.
//
// Tesseract, in package eval/read, finds lines itself.
package ppocr
