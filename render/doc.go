// Package render draws text as dense page images for vision-language models.
//
// A [Renderer] holds one config with its faces and turns any number of texts
// into pages:
//
//	r, err := render.New(cfg, render.Options{})
//	for page, err := range r.Pages(ctx, "report.txt", file) {
//		// page.PNG is ready to be sent
//	}
//
// Text goes one way: pieces of source (internal/text) become shaped words
// (internal/shape), words become lines and sheets (internal/layout), sheets are
// painted (internal/raster) and encoded (internal/png). Every line of a page
// says which bytes of the source it shows, and every byte that is not shown as
// it stands is noted.
//
// The package knows nothing of models' answers or scores; that is package eval.
package render
