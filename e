error[I1]: cannot open `*.pmml`: no such file
 --> *.pmml
Command exited with non-zero status 1
0.00+0.00 s 19112 KB
