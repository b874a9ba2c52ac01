package pack

import "strings"

// GeminiRequest is the part of a generateContent request to the Gemini API that
// a pack fills.
type GeminiRequest struct {
	SystemInstruction GeminiContent           `json:"systemInstruction"`
	Contents          []GeminiContent         `json:"contents"`
	GenerationConfig  *GeminiGenerationConfig `json:"generationConfig,omitempty"`
}

// GeminiContent is a message of the Gemini API.
type GeminiContent struct {
	Role  string       `json:"role,omitempty"`
	Parts []GeminiPart `json:"parts"`
}

// GeminiPart is a part of a message: text, or an image.
type GeminiPart struct {
	Text            string                 `json:"text,omitempty"`
	InlineData      *GeminiBlob            `json:"inlineData,omitempty"`
	MediaResolution *GeminiMediaResolution `json:"mediaResolution,omitempty"`
}

// GeminiBlob is the data of an image. Data is base64 in JSON.
type GeminiBlob struct {
	MIMEType string `json:"mimeType"`
	Data     []byte `json:"data"`
}

// GeminiMediaResolution is the level of detail of one image.
type GeminiMediaResolution struct {
	Level string `json:"level"`
}

// GeminiGenerationConfig holds the level of detail of all images.
type GeminiGenerationConfig struct {
	MediaResolution string `json:"mediaResolution"`
}

// Gemini returns the request for the Gemini API. Where the model's profile names
// a level of detail, the request asks for it: for all images or, as
// "ultra-high" is no level of a whole request, for each. It shares the pages
// with the pack.
func (r *Request) Gemini() GeminiRequest {
	var each *GeminiMediaResolution
	var all *GeminiGenerationConfig
	switch detail := r.pack.o.Model.Detail; detail {
	case "ultra-high":
		each = &GeminiMediaResolution{geminiLevel(detail)}
	case "low", "medium", "high":
		all = &GeminiGenerationConfig{geminiLevel(detail)}
	}
	var parts []GeminiPart
	for _, c := range r.contents[1:] {
		if c.kind == pageContent {
			parts = append(parts, GeminiPart{InlineData: &GeminiBlob{mediaType, c.png}, MediaResolution: each})
		} else {
			parts = append(parts, GeminiPart{Text: c.text})
		}
	}
	return GeminiRequest{
		SystemInstruction: GeminiContent{Parts: []GeminiPart{{Text: r.contents[0].text}}},
		Contents:          []GeminiContent{{Role: "user", Parts: parts}},
		GenerationConfig:  all,
	}
}

func geminiLevel(detail string) string {
	return "MEDIA_RESOLUTION_" + strings.ToUpper(strings.ReplaceAll(detail, "-", "_"))
}
