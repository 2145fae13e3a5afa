# SPDX-License-Identifier: MIT
# The player of sequences for each libssl, and CTest's bounded run of it.

set(sequences ${CMAKE_CURRENT_LIST_DIR})
set(sequences_list ${CMAKE_CURRENT_BINARY_DIR}/sequences/libssl.txt) # what run.py reads
file(WRITE ${sequences_list} "")

# sslharden_sequences(NAME PLAYER LOADER)
function(sslharden_sequences name player loader)
  string(REPLACE ";" " " loader "${loader}")
  file(APPEND ${sequences_list} "${name}|${player}|${loader}\n")
  # A player has one thread, and cannot race.
  if(SSLHARDEN_SANITIZE MATCHES "thread" AND first_libssl)
    return()
  endif()
  add_test(NAME sequences/${name}
           COMMAND ${SSLHARDEN_PYTHON} -B -m unittest -v test_sequences
           WORKING_DIRECTORY ${sequences})
  # Sequences end wherever they end, and leave what they had made: bare, too.
  set_tests_properties(sequences/${name} PROPERTIES COST 50 ENVIRONMENT
    "ASAN_OPTIONS=detect_leaks=0;SSLHARDEN_LIB=$<TARGET_FILE:sslharden>;SSLHARDEN_PRELOAD_FIRST=${preload_first};SSLHARDEN_BUILD=${CMAKE_BINARY_DIR};SSLHARDEN_LIBSSL_NAME=${name};SSLHARDEN_KEYS=${keys}")
endfunction()

# sslharden_player(NAME LIBDIR INCLUDE...): built as a real program would be.
function(sslharden_player name libdir)
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/${name})
  add_executable(player_${name} ${sequences}/player.c ${sequences}/contexts.c
                 ${sequences}/callbacks.c ${sequences}/connections.c ${sequences}/sessions.c
                 ${sequences}/drives.c)
  target_include_directories(player_${name} BEFORE PRIVATE ${ARGN})
  target_compile_options(player_${name} PRIVATE -Wno-deprecated-declarations
                         -Wno-strict-prototypes $<$<C_COMPILER_ID:GNU>:-Wno-discarded-qualifiers>)
  target_link_libraries(player_${name} PRIVATE ${ssl_${name}} ${crypto_${name}} Threads::Threads)
  target_link_options(player_${name} PRIVATE -Wl,--allow-shlib-undefined)
  set_target_properties(player_${name} PROPERTIES OUTPUT_NAME player BUILD_RPATH ${libdir}
                        RUNTIME_OUTPUT_DIRECTORY ${directory})
  sslharden_sequences(${name} ${directory}/player "${emulator}")
endfunction()

# Fresh seeds over every libssl, for as long as asked: cmake --build --preset release -t sequences
set(SSLHARDEN_SEQUENCES_MINUTES 10 CACHE STRING "How long the target sequences plays")
function(sslharden_sequences_target)
  file(STRINGS ${sequences_list} rows)
  add_custom_target(sequences
    COMMAND ${SSLHARDEN_PYTHON} -B ${sequences}/run.py --build ${CMAKE_BINARY_DIR}
            --lib $<TARGET_FILE:sslharden> --minutes ${SSLHARDEN_SEQUENCES_MINUTES}
            --keep ${CMAKE_BINARY_DIR}/findings
    USES_TERMINAL VERBATIM)
  foreach(row IN LISTS rows)
    string(REGEX REPLACE "[|].*" "" name ${row})
    if(TARGET player_${name})
      add_dependencies(sequences player_${name})
    endif()
  endforeach()
endfunction()
