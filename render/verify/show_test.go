package verify

import "flag"

var show = flag.Bool("show", false, "")
