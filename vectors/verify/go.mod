module medseal.example/verify

go 1.24
