package version

import (
	"errors"
	"runtime/debug"
	"strings"
	"testing"
)

func TestIdentify(t *testing.T) {
	own := func(v string) debug.Module { return debug.Module{Path: module, Version: v} }
	dep := func(m debug.Module) []*debug.Module {
		return []*debug.Module{{Path: "example.org/a", Version: "v9.0.0"}, &m}
	}
	vcs := func(modified string) []debug.BuildSetting {
		return []debug.BuildSetting{{Key: "vcs.revision", Value: "c0ffee"}, {Key: "vcs.modified", Value: modified}}
	}
	content := func() (string, error) { return strings.Repeat("0123456789abcdef", 4), nil }
	for _, test := range []struct {
		name, module, build string
		info                debug.BuildInfo
	}{
		{"installed", "v0.3.0", "v0.3.0", debug.BuildInfo{Main: own("v0.3.0")}},
		{"clean checkout", "v0.0.0-20260101000000-c0ffee", "v0.0.0-20260101000000-c0ffee", debug.BuildInfo{Main: own("v0.0.0-20260101000000-c0ffee"), Settings: vcs("false")}},
		{"dirty checkout", "devel", "devel sha256:0123456789abcdef", debug.BuildInfo{Main: own("v0.3.0+dirty"), Settings: vcs("true")}},
		{"commit without version", "devel", "devel c0ffee", debug.BuildInfo{Main: own("(devel)"), Settings: vcs("false")}},
		{"unstamped", "devel", "devel sha256:0123456789abcdef", debug.BuildInfo{Main: own("(devel)")}},
		{"dependency", "v0.4.0", "v0.4.0", debug.BuildInfo{Main: debug.Module{Path: "example.org/main", Version: "(devel)"}, Deps: dep(own("v0.4.0"))}},
		{"commit of another main module", "devel", "devel sha256:0123456789abcdef",
			debug.BuildInfo{Main: debug.Module{Path: "example.org/main"}, Deps: dep(own("(devel)")), Settings: vcs("false")}},
		{"dependency replaced by a directory", "devel", "devel sha256:0123456789abcdef",
			debug.BuildInfo{Deps: dep(debug.Module{Path: module, Version: "v0.4.0", Replace: &debug.Module{Path: "../glyph"}})}},
		{"nothing known", "devel", "devel sha256:0123456789abcdef", debug.BuildInfo{}},
		{"tags", "v0.3.0", "v0.3.0 tags:slow", debug.BuildInfo{Main: own("v0.3.0"), Settings: []debug.BuildSetting{{Key: "-tags", Value: "slow"}}}},
	} {
		if got := moduleVersion(&test.info); got != test.module {
			t.Errorf("%s: module %q, want %q", test.name, got, test.module)
		}
		if got, err := identify(&test.info, content); err != nil || got != test.build {
			t.Errorf("%s: build %q, %v, want %q", test.name, got, err, test.build)
		}
	}
	if _, err := identify(&debug.BuildInfo{}, func() (string, error) { return "", errors.New("gone") }); err == nil {
		t.Error("a program that cannot be identified has an identity")
	}
}

// This test is a program without a version: its content identifies it.
func TestBuildOfThisTest(t *testing.T) {
	got, err := Build()
	if err != nil || !strings.HasPrefix(got, "devel sha256:") || Module() != "devel" {
		t.Errorf("build %q, %v, module %q", got, err, Module())
	}
}
