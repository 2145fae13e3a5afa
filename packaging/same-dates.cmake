# SPDX-License-Identifier: MIT
# rpm keeps the dates of files that are older than SOURCE_DATE_EPOCH, and no two checkouts agree.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND find ${CPACK_TEMPORARY_DIRECTORY} -exec
                  touch -h -d @$ENV{SOURCE_DATE_EPOCH} {} + COMMAND_ERROR_IS_FATAL ANY)
endif()
