package wire

import "strings"

// Gemini is the part of a generateContent request to the Gemini API that
// messages fill. It shares the images with the messages.
type Gemini struct {
	SystemInstruction *geminiContent          `json:"systemInstruction,omitempty"`
	Contents          []geminiContent         `json:"contents"`
	GenerationConfig  *geminiGenerationConfig `json:"generationConfig,omitempty"`
}

type geminiContent struct {
	Role  role         `json:"role,omitempty"`
	Parts []geminiPart `json:"parts"`
}

type geminiPart struct {
	Text            string            `json:"text,omitempty"`
	InlineData      *geminiBlob       `json:"inlineData,omitempty"`
	MediaResolution *geminiResolution `json:"mediaResolution,omitempty"`
}

type geminiBlob struct {
	MIMEType string `json:"mimeType"`
	Data     []byte `json:"data"` // base64 in JSON
}

type geminiResolution struct {
	Level string `json:"level"`
}

type geminiGenerationConfig struct {
	MediaResolution string `json:"mediaResolution"`
}

// GeminiOf returns the body for messages. A level of detail that all images
// share is asked for once. Levels that differ, and "ultra-high", which is no
// level of a whole request, are asked for image by image; of the published
// versions of the API only those newer than v1 take that.
func GeminiOf(messages []Message) Gemini {
	body := Gemini{Contents: []geminiContent{}}
	shared := sharedDetail(messages)
	if shared != "" {
		body.GenerationConfig = &geminiGenerationConfig{geminiLevel(shared)}
	}
	for _, m := range messages {
		if m.Role == System {
			before := ""
			if body.SystemInstruction != nil {
				before = body.SystemInstruction.Parts[0].Text
			}
			body.SystemInstruction = &geminiContent{Parts: []geminiPart{{Text: join(before, m)}}}
			continue
		}
		parts := []geminiPart{}
		for _, p := range m.Parts {
			if p.PNG == nil {
				parts = append(parts, geminiPart{Text: p.Checked.Text()})
				continue
			}
			part := geminiPart{InlineData: &geminiBlob{mediaType, p.PNG}}
			if level := geminiLevel(p.Detail); level != "" && shared == "" {
				part.MediaResolution = &geminiResolution{level}
			}
			parts = append(parts, part)
		}
		body.Contents = append(body.Contents, geminiContent{m.Role, parts})
	}
	return body
}

// sharedDetail is the level of detail of all images, "" if there is none that a
// request can ask for.
func sharedDetail(messages []Message) string {
	shared, first := "", true
	for _, m := range messages {
		for _, p := range m.Parts {
			if p.PNG == nil {
				continue
			}
			if !first && p.Detail != shared {
				return ""
			}
			shared, first = p.Detail, false
		}
	}
	switch shared {
	case "low", "medium", "high":
		return shared
	}
	return ""
}

// geminiLevel is a level of detail as the API names it, "" for one that it does
// not know.
func geminiLevel(detail string) string {
	switch detail {
	case "low", "medium", "high", "ultra-high":
		return "MEDIA_RESOLUTION_" + strings.ToUpper(strings.ReplaceAll(detail, "-", "_"))
	}
	return ""
}
