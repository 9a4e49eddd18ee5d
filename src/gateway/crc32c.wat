;; CRC-32C of a multiple of sixteen bytes at 16384, sixteen a step, by the tables of src/protocol/crc32c.ts, which lie at 0.
(module
  (memory (export "memory") 3)
  (func (export "update") (param $crc i32) (param $length i32) (result i32)
    (local $at i32) (local $end i32) (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (local.set $at (i32.const 16384))
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (loop $step
      (local.set $a (i32.xor (local.get $crc) (i32.load (local.get $at))))
      (local.set $b (i32.load offset=4 (local.get $at)))
      (local.set $c (i32.load offset=8 (local.get $at)))
      (local.set $d (i32.load offset=12 (local.get $at)))
      (local.set $crc (i32.xor
        (i32.load offset=15360 (i32.shl (i32.and (local.get $a) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=14336 (i32.shl (i32.and (i32.shr_u (local.get $a) (i32.const 8)) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=13312 (i32.shl (i32.and (i32.shr_u (local.get $a) (i32.const 16)) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=12288 (i32.shl (i32.shr_u (local.get $a) (i32.const 24)) (i32.const 2)))
        (i32.xor
        (i32.load offset=11264 (i32.shl (i32.and (local.get $b) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=10240 (i32.shl (i32.and (i32.shr_u (local.get $b) (i32.const 8)) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=9216 (i32.shl (i32.and (i32.shr_u (local.get $b) (i32.const 16)) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=8192 (i32.shl (i32.shr_u (local.get $b) (i32.const 24)) (i32.const 2)))
        (i32.xor
        (i32.load offset=7168 (i32.shl (i32.and (local.get $c) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=6144 (i32.shl (i32.and (i32.shr_u (local.get $c) (i32.const 8)) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=5120 (i32.shl (i32.and (i32.shr_u (local.get $c) (i32.const 16)) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=4096 (i32.shl (i32.shr_u (local.get $c) (i32.const 24)) (i32.const 2)))
        (i32.xor
        (i32.load offset=3072 (i32.shl (i32.and (local.get $d) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=2048 (i32.shl (i32.and (i32.shr_u (local.get $d) (i32.const 8)) (i32.const 255)) (i32.const 2)))
        (i32.xor
        (i32.load offset=1024 (i32.shl (i32.and (i32.shr_u (local.get $d) (i32.const 16)) (i32.const 255)) (i32.const 2)))
        (i32.load offset=0 (i32.shl (i32.shr_u (local.get $d) (i32.const 24)) (i32.const 2)))))))))))))))))))
      (br_if $step (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.get $crc)))
