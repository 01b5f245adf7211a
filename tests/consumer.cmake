# Install the build into a folder of its own, and build the project tests/consumer against that.
#   cmake -DBUILD=build -DSOURCE=tests/consumer -DWORK=folder -DCC=cc -DFLAGS= -DLIBDIR=lib -P ...
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(status)
    string(JOIN " " command ${ARGN})
    message(FATAL_ERROR "${command}\n${text}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})

# By CMake.
string(JOIN " " flags ${FLAGS})
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/by-cmake -DCMAKE_PREFIX_PATH=${prefix}
  -DCMAKE_C_COMPILER=${CC} "-DCMAKE_C_FLAGS=${flags}")
run(${CMAKE_COMMAND} --build ${WORK}/by-cmake)
run(${WORK}/by-cmake/test_account)

# By pkg-config.
set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
execute_process(COMMAND pkg-config --cflags --libs pickglass cmocka
  OUTPUT_VARIABLE packages OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(packages UNIX_COMMAND "${packages}")
run(${CC} -std=c11 ${FLAGS} ${SOURCE}/test_account.c -o ${WORK}/by-pkg-config ${packages}
  -Wl,-rpath,${prefix}/${LIBDIR})
run(${WORK}/by-pkg-config)

# Every installed header can be included alone, by strict C11.
file(GLOB_RECURSE headers RELATIVE ${prefix}/include/pickglass ${prefix}/include/pickglass/*.h)
foreach(header IN LISTS headers)
  string(MAKE_C_IDENTIFIER ${header} name)
  file(WRITE ${WORK}/alone/${name}.c "#include <${header}>\nint ${name};\n")
endforeach()
file(GLOB files ${WORK}/alone/*.c)
run(${CC} -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I${prefix}/include/pickglass
  ${files})
