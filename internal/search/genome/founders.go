package genome

import "github.com/glyphkit/glyph/configs"

// DenseFounders returns configs to begin a search for density with: the
// published type and narrower ones, without margins, with newlines as breaks in
// columns or on a narrow page, or as a marker in the line. The published config
// spends most px besides letters on what these leave out: the rest of short
// lines, margins, leading.
func DenseFounders() []configs.Config {
	var founders []configs.Config
	for _, face := range []struct{ path, size, leading string }{
		{"dejavu-sans", "9", "10"}, {"atkinson-hyperlegible", "9.5", "10"}, {"atkinson-hyperlegible", "9", "9"}, {"lato", "8.2", "8.2"},
	} {
		for _, page := range [][2]string{{"columns", "2"}, {"page-size", "300,842"}, {"newline-markup", `<font color="#FF0000"> \n </font>`}} {
			c := configs.Default()
			for _, kv := range [][2]string{
				{"page-size", "595,842"}, {"dpi", "72"}, {"font-path", face.path}, {"font-size", face.size}, {"line-height", face.leading},
				{"margin-x", "2"}, {"margin-y", "2"}, {"frame-padding", "0"}, {"column-gap", "6"}, {"paragraph-lines", "0"},
				{"auto-crop-width", "true"}, {"auto-crop-last-page", "true"}, {"legend", "none"}, {"newline-markup", "<br/>"}, page,
			} {
				setText(&c, kv[0], kv[1])
			}
			founders = append(founders, c)
		}
	}
	return founders
}
