//go:build (linux || darwin) && (amd64 || arm64) && !static

package ppocr

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

// supported: this build can load a library.
const supported = true

// apiVersion is ORT_API_VERSION of the header onnxruntime_c_api.h that
// signatures and indexes here are from, that of ONNX Runtime 1.24. Functions
// are only ever added at the end of the table.
const apiVersion = 24

// Values of the header's enumerations.
const (
	logError      = 3 // ORT_LOGGING_LEVEL_ERROR
	arenaAlloc    = 1 // OrtArenaAllocator
	memoryDefault = 0 // OrtMemTypeDefault
	elementFloat  = 1 // ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT
)

// handle is a pointer to an object of the library. It is no Go pointer type,
// for the garbage collector has nothing to do with it.
type handle uintptr

// api holds the functions of OrtApi that are used, named as there. Those that
// return a status return 0 when all is well.
type api struct {
	GetErrorMessage                func(status handle) string
	CreateEnv                      func(level int32, id string, env *handle) handle
	CreateSessionFromArray         func(env handle, model unsafe.Pointer, size uintptr, options handle, session *handle) handle
	Run                            func(session, options handle, inputNames, inputs unsafe.Pointer, inputCount uintptr, outputNames unsafe.Pointer, outputCount uintptr, outputs unsafe.Pointer) handle
	CreateSessionOptions           func(options *handle) handle
	DisableMemPattern              func(options handle) handle
	SetIntraOpNumThreads           func(options handle, n int32) handle
	SessionGetInputCount           func(session handle, n *uintptr) handle
	SessionGetOutputCount          func(session handle, n *uintptr) handle
	SessionGetInputName            func(session handle, i uintptr, allocator handle, name **byte) handle
	SessionGetOutputName           func(session handle, i uintptr, allocator handle, name **byte) handle
	CreateTensorWithDataAsOrtValue func(memory handle, data unsafe.Pointer, size uintptr, shape *int64, dimensions uintptr, element int32, value *handle) handle
	GetTensorMutableData           func(value handle, data *unsafe.Pointer) handle
	GetTensorElementType           func(info handle, element *int32) handle
	GetDimensionsCount             func(info handle, n *uintptr) handle
	GetDimensions                  func(info handle, shape *int64, n uintptr) handle
	GetTensorTypeAndShape          func(value handle, info *handle) handle
	CreateCpuMemoryInfo            func(allocator, memory int32, info *handle) handle
	AllocatorFree                  func(allocator handle, p unsafe.Pointer) handle
	GetAllocatorWithDefaultOptions func(allocator *handle) handle
	ReleaseStatus                  func(handle)
	ReleaseMemoryInfo              func(handle)
	ReleaseSession                 func(handle)
	ReleaseValue                   func(handle)
	ReleaseTensorTypeAndShapeInfo  func(handle)
	ReleaseSessionOptions          func(handle)
}

// register takes the functions out of the table by their index in OrtApi.
func (a *api) register(table *[apiEntries]uintptr) {
	for index, function := range map[int]any{
		2:   &a.GetErrorMessage,
		3:   &a.CreateEnv,
		8:   &a.CreateSessionFromArray,
		9:   &a.Run,
		10:  &a.CreateSessionOptions,
		17:  &a.DisableMemPattern,
		24:  &a.SetIntraOpNumThreads,
		30:  &a.SessionGetInputCount,
		31:  &a.SessionGetOutputCount,
		36:  &a.SessionGetInputName,
		37:  &a.SessionGetOutputName,
		49:  &a.CreateTensorWithDataAsOrtValue,
		51:  &a.GetTensorMutableData,
		60:  &a.GetTensorElementType,
		61:  &a.GetDimensionsCount,
		62:  &a.GetDimensions,
		65:  &a.GetTensorTypeAndShape,
		69:  &a.CreateCpuMemoryInfo,
		76:  &a.AllocatorFree,
		78:  &a.GetAllocatorWithDefaultOptions,
		93:  &a.ReleaseStatus,
		94:  &a.ReleaseMemoryInfo,
		95:  &a.ReleaseSession,
		96:  &a.ReleaseValue,
		99:  &a.ReleaseTensorTypeAndShapeInfo,
		100: &a.ReleaseSessionOptions,
	} {
		purego.RegisterFunc(function, table[index])
	}
}

// apiEntries is how much of the table is looked at.
const apiEntries = 101

// check makes an error of a status and releases it.
func (a *api) check(status handle) error {
	if status == 0 {
		return nil
	}
	defer a.ReleaseStatus(status)
	return fmt.Errorf("ONNX Runtime says %q", a.GetErrorMessage(status))
}

// library is a loaded ONNX Runtime with its environment, of which a process has
// one. It is never unloaded: its threads may outlive the last session.
type library struct {
	api
	version string
	env     handle
}

var libraries = struct {
	sync.Mutex
	byPath map[string]*library
}{byPath: map[string]*library{}}

// openLibrary loads a library the first time it is asked for.
func openLibrary(path string) (*library, error) {
	libraries.Lock()
	defer libraries.Unlock()
	if l := libraries.byPath[path]; l != nil {
		return l, nil
	}
	l, err := loadLibrary(path)
	if err != nil {
		return nil, fmt.Errorf("loading ONNX Runtime: %w", err)
	}
	libraries.byPath[path] = l
	return l, nil
}

func loadLibrary(path string) (_ *library, err error) {
	so, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, err
	}
	// Until something of it has run it can be unloaded.
	unload := func(err error) (*library, error) { return nil, errors.Join(err, purego.Dlclose(so)) }
	symbol, err := purego.Dlsym(so, "OrtGetApiBase")
	if err != nil {
		return unload(err)
	}
	var getBase func() *struct{ GetApi, GetVersionString uintptr }
	purego.RegisterFunc(&getBase, symbol)
	base := getBase()
	var getVersion func() string
	purego.RegisterFunc(&getVersion, base.GetVersionString)
	l := &library{version: getVersion()}
	if err := checkVersion(l.version); err != nil {
		return unload(fmt.Errorf("%q: %w", path, err))
	}
	var getAPI func(version uint32) *[apiEntries]uintptr
	purego.RegisterFunc(&getAPI, base.GetApi)
	table := getAPI(apiVersion)
	if table == nil {
		return unload(fmt.Errorf("%q of version %s has no API of version %d", path, l.version, apiVersion))
	}
	l.register(table)
	if err := l.check(l.CreateEnv(logError, "glyph", &l.env)); err != nil {
		return nil, err
	}
	return l, nil
}

// checkVersion accepts the versions that have the API. 1.N has that of
// version N.
func checkVersion(version string) error {
	minor, ok := strings.CutPrefix(version, "1.")
	minor, _, _ = strings.Cut(minor, ".")
	if n, err := strconv.Atoi(minor); !ok || err != nil || n < apiVersion {
		return fmt.Errorf("version %q; want 1.%d or later, before 2", version, apiVersion)
	}
	return nil
}

// session is a model that is ready to run, from several goroutines if need be.
type session struct {
	lib                   *library
	handle, memory        handle
	inputName, outputName []byte // with a NUL at the end
}

// openSession loads a model with one input and one output. It returns the
// library's version as well.
func openSession(path string, model []byte) (*session, string, error) {
	lib, err := openLibrary(path)
	if err != nil {
		return nil, "", err
	}
	if len(model) == 0 {
		return nil, "", errors.New("it is empty")
	}
	s := &session{lib: lib}
	if err := s.open(model); err != nil {
		s.close()
		return nil, "", err
	}
	return s, lib.version, nil
}

func (s *session) open(model []byte) error {
	l := s.lib
	var options handle
	if err := l.check(l.CreateSessionOptions(&options)); err != nil {
		return err
	}
	defer l.ReleaseSessionOptions(options)
	if err := l.check(l.SetIntraOpNumThreads(options, 1)); err != nil {
		return err
	}
	// A pattern is kept for each width of input, and there are many.
	if err := l.check(l.DisableMemPattern(options)); err != nil {
		return err
	}
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(&model[0])
	if err := l.check(l.CreateSessionFromArray(l.env, unsafe.Pointer(&model[0]), uintptr(len(model)), options, &s.handle)); err != nil {
		return err
	}
	if err := l.check(l.CreateCpuMemoryInfo(arenaAlloc, memoryDefault, &s.memory)); err != nil {
		return err
	}
	var inputs, outputs uintptr
	if err := errors.Join(
		l.check(l.SessionGetInputCount(s.handle, &inputs)),
		l.check(l.SessionGetOutputCount(s.handle, &outputs)),
	); err != nil {
		return err
	}
	if inputs != 1 || outputs != 1 {
		return fmt.Errorf("it has %d inputs and %d outputs; want a text recogniser with one of each", inputs, outputs)
	}
	var err error
	if s.inputName, err = s.name(l.SessionGetInputName); err != nil {
		return err
	}
	s.outputName, err = s.name(l.SessionGetOutputName)
	return err
}

// name copies the name of the only input or output.
func (s *session) name(get func(session handle, i uintptr, allocator handle, name **byte) handle) ([]byte, error) {
	var allocator handle
	if err := s.lib.check(s.lib.GetAllocatorWithDefaultOptions(&allocator)); err != nil {
		return nil, err
	}
	var first *byte
	if err := s.lib.check(get(s.handle, 0, allocator, &first)); err != nil {
		return nil, err
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(first), n)) != 0 {
		n++
	}
	name := append([]byte(nil), unsafe.Slice(first, n+1)...)
	return name, s.lib.check(s.lib.AllocatorFree(allocator, unsafe.Pointer(first)))
}

// run gives the model's output for an input to use, which must not keep it.
func (s *session) run(t tensor, use func(scores) error) error {
	l := s.lib
	var pin runtime.Pinner
	defer pin.Unpin() // after the values are released
	pin.Pin(&t.data[0])
	pin.Pin(&s.inputName[0])
	pin.Pin(&s.outputName[0])
	// The arguments that C reads through a pointer are one Go object. It is pinned
	// for the length of the call.
	var call struct {
		inputName, outputName *byte
		input, output         handle
	}
	pin.Pin(&call)
	call.inputName, call.outputName = &s.inputName[0], &s.outputName[0]

	shape := [4]int64{1, 3, inputHeight, int64(t.width)}
	if err := l.check(l.CreateTensorWithDataAsOrtValue(s.memory, unsafe.Pointer(&t.data[0]), uintptr(len(t.data))*unsafe.Sizeof(t.data[0]),
		&shape[0], uintptr(len(shape)), elementFloat, &call.input)); err != nil {
		return err
	}
	defer l.ReleaseValue(call.input)
	if err := l.check(l.Run(s.handle, 0, unsafe.Pointer(&call.inputName), unsafe.Pointer(&call.input), 1,
		unsafe.Pointer(&call.outputName), 1, unsafe.Pointer(&call.output))); err != nil {
		return err
	}
	defer l.ReleaseValue(call.output)
	o, err := s.scores(call.output)
	if err != nil {
		return err
	}
	return use(o)
}

// scores looks at an output, which must have the shape 1 × steps × classes.
func (s *session) scores(output handle) (scores, error) {
	l := s.lib
	var info handle
	if err := l.check(l.GetTensorTypeAndShape(output, &info)); err != nil {
		return scores{}, err
	}
	defer l.ReleaseTensorTypeAndShapeInfo(info)
	var element int32
	var dimensions uintptr
	if err := errors.Join(
		l.check(l.GetTensorElementType(info, &element)),
		l.check(l.GetDimensionsCount(info, &dimensions)),
	); err != nil {
		return scores{}, err
	}
	var shape [3]int64
	if element != elementFloat || dimensions != uintptr(len(shape)) {
		return scores{}, fmt.Errorf("the output of the model has %d dimensions of type %d; want a text recogniser's 3 of floats", dimensions, element)
	}
	if err := l.check(l.GetDimensions(info, &shape[0], dimensions)); err != nil {
		return scores{}, err
	}
	if shape[0] != 1 || shape[1] < 1 || shape[2] < 2 {
		return scores{}, fmt.Errorf("the output of the model is %v; want [1 steps classes]", shape)
	}
	var data unsafe.Pointer
	if err := l.check(l.GetTensorMutableData(output, &data)); err != nil {
		return scores{}, err
	}
	return scores{
		data:    unsafe.Slice((*float32)(data), shape[1]*shape[2]),
		steps:   int(shape[1]),
		classes: int(shape[2]),
	}, nil
}

// close frees the session, which no run may be using.
func (s *session) close() {
	if s.memory != 0 {
		s.lib.ReleaseMemoryInfo(s.memory)
	}
	if s.handle != 0 {
		s.lib.ReleaseSession(s.handle)
	}
}
