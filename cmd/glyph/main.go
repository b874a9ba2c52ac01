// Command glyph draws long texts as dense page images for vision-language
// models, says what they cost, and checks what is read back.
package main

import "github.com/glyphkit/glyph/internal/cli"

func main() { cli.Main() }
