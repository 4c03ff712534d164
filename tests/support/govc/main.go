// Command govc is the part of govmomi's client that tests read a vCenter's state back with: `object.collect`
// and `tags.attached.ls`.
package main

import (
	"os"

	"github.com/vmware/govmomi/cli"
	_ "github.com/vmware/govmomi/cli/object" // their commands register themselves
	_ "github.com/vmware/govmomi/cli/tags/association"
)

func main() {
	os.Exit(cli.Run(os.Args[1:]))
}
