module reflexarc/bench/govmomi

go 1.23.0

require github.com/vmware/govmomi v0.30.2
