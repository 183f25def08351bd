module emulator

go 1.26
