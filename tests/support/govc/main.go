// Command govc is the part of govmomi's client that tests read a vCenter's state back with: `object.collect`,
// `events` and `tags.attached.ls`.
package main

import (
	"os"

	"github.com/vmware/govmomi/cli"
	_ "github.com/vmware/govmomi/cli/events" // their commands register themselves
	_ "github.com/vmware/govmomi/cli/object"
	_ "github.com/vmware/govmomi/cli/tags/association"
)

func main() {
	os.Exit(cli.Run(os.Args[1:]))
}
