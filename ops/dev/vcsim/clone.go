package main

import (
	"strconv"
	"sync/atomic"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// destination is the folder of one clone. The simulator forgets what the specification of a clone says of its
// configuration but for its devices: here it is put in again, where the simulator makes the machine.
type destination struct {
	*simulator.Folder
	self types.ManagedObjectReference
	spec *types.VirtualMachineConfigSpec
}

var destinations atomic.Int64

func (d *destination) Reference() types.ManagedObjectReference { return d.self }

func (d *destination) CreateVMTask(ctx *simulator.Context, req *types.CreateVM_Task) soap.HasFault {
	ctx.Map.Remove(ctx, d.self)
	given := *req
	given.Config.Annotation = d.spec.Annotation
	given.Config.ExtraConfig = append(given.Config.ExtraConfig, d.spec.ExtraConfig...)
	if d.spec.NumCPUs != 0 {
		given.Config.NumCPUs = d.spec.NumCPUs
	}
	if d.spec.MemoryMB != 0 {
		given.Config.MemoryMB = d.spec.MemoryMB
	}
	return d.Folder.CreateVMTask(ctx, &given)
}

// configured leads clones with a configuration of their own to a destination that keeps it.
func configured(ctx *simulator.Context, method *simulator.Method) (mo.Reference, types.BaseMethodFault) {
	req, ok := method.Body.(*types.CloneVM_Task)
	if !ok || req.Spec.Config == nil {
		return nil, nil
	}
	if folder, ok := ctx.Map.Get(req.Folder).(*simulator.Folder); ok {
		number := strconv.FormatInt(destinations.Add(1), 10)
		made := types.ManagedObjectReference{Type: "CloneDestination", Value: "clone-" + number}
		ctx.Map.Put(&destination{folder, made, req.Spec.Config})
		req.Folder = made
	}
	return nil, nil
}
