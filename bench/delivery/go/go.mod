module reflexarc/bench/receiver

go 1.23
