# Let the program write unit tests, and build and run them against what is installed: one passes as
# long as the fault is there, the other fails until it is fixed.
#   cmake -DBUILD=build -DROOT=. -DWORK=folder -DCC=cc -DFLAGS= -DLIBDIR=lib -P tests/emit.cmake
cmake_minimum_required(VERSION 3.25)

# expect STATUS COMMAND...
function(expect expected)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT status EQUAL expected)
    string(JOIN " " command ${ARGN})
    message(FATAL_ERROR "exit status ${status}, expected ${expected}: ${command}\n${text}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/prefix)
expect(0 ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
set(pickglass ${BUILD}/pickglass)

# What a user would write for another scenario than ours: the fault is fixed, the name stays.
file(READ ${ROOT}/scenarios/counter_lock_threads.c fixed)
string(REPLACE "counter_lock_threads" "counter_race_threads" fixed "${fixed}")
file(WRITE ${WORK}/fixed.c "${fixed}")

set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
execute_process(COMMAND pkg-config --cflags --libs pickglass cmocka
  OUTPUT_VARIABLE packages OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(packages UNIX_COMMAND "${packages}")

# build PROGRAM TEST SCENARIO
function(build program test scenario)
  expect(0 ${CC} -std=c11 -Wall -Wextra -Wpedantic -Werror ${FLAGS} -I${ROOT} ${test} ${scenario}
    -o ${program} ${packages} -Wl,-rpath,${prefix}/${LIBDIR})
endfunction()

foreach(name counter_race_threads deadlock_abba_threads)
  expect(1 ${pickglass} explore ${name} --emit-test ${WORK}/${name}.c
    --emit-test-fixed ${WORK}/${name}_fixed.c)
  build(${WORK}/${name} ${WORK}/${name}.c ${ROOT}/scenarios/${name}.c)
  expect(0 ${WORK}/${name})
  build(${WORK}/${name}_fixed ${WORK}/${name}_fixed.c ${ROOT}/scenarios/${name}.c)
  expect(1 ${WORK}/${name}_fixed)
endforeach()

build(${WORK}/remedied ${WORK}/counter_race_threads_fixed.c ${WORK}/fixed.c)
expect(0 ${WORK}/remedied)
build(${WORK}/gone ${WORK}/counter_race_threads.c ${WORK}/fixed.c)
expect(2 ${WORK}/gone) # both of its tests fail

# With parameters and freedom of tasks.
expect(1 ${pickglass} explore counter_race_threads -p threads=4 --policy random
  --emit-test ${WORK}/four.c)
build(${WORK}/four ${WORK}/four.c ${ROOT}/scenarios/counter_race_threads.c)
expect(0 ${WORK}/four)
expect(1 ${pickglass} explore counter_race -p tasks=3 --level any --emit-test ${WORK}/any.c)
build(${WORK}/any ${WORK}/any.c ${ROOT}/scenarios/counter_race.c)
expect(0 ${WORK}/any)

# What a limit has ended would go on without it.
foreach(limit "--max-steps 3000" "--max-memory 1100000")
  separate_arguments(options UNIX_COMMAND "${limit}")
  expect(1 ${pickglass} explore counter_lock -p tasks=6000 --policy fifo ${options}
    --emit-test ${WORK}/limit.c --emit-test-fixed ${WORK}/limit_fixed.c)
  build(${WORK}/limit ${WORK}/limit.c ${ROOT}/scenarios/counter_lock.c)
  expect(0 ${WORK}/limit)
  file(READ ${WORK}/limit.c text)
  string(REGEX REPLACE "--(max)-(.*) (.*)" "scenario.\\1_\\2 = \\3;" line "${limit}")
  if(NOT text MATCHES "${line}")
    message(FATAL_ERROR "no '${line}' in the test of ${limit}")
  endif()
endforeach()

# Where nothing can be written, nothing is.
expect(2 ${pickglass} explore counter_race_threads --emit-test ${WORK}/nowhere/test.c)
