module reflexarc/bench/load

go 1.23
