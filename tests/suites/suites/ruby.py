# SPDX-License-Identifier: MIT
import sandbox
from suite import Suite

RUN = """
require "test/unit"

Test::Unit::Runner.prepend(Module.new {
  # Of a test and, again, of what fails while it is torn down.
  def record(suite, method, assertions, time, error)
    outcome = case error
              when nil then "ok"
              when Test::Unit::PendedError then "skipped"
              else "failed"
              end
    puts "\\nOUTCOME #{suite}##{method} #{outcome}"
    super
  end
})
%w[test_ssl test_ssl_session test_pair].each { |name| require name }
"""

SUITE = Suite(
    title="Ruby's tests of OpenSSL::SSL",
    packages="ruby3.1",
    sources={"ruby3.1": ["test/openssl", "tool/lib"]},
    command="cd ruby3.1 && ruby -W0 -Itool/lib -Itest/openssl /srv/run.rb --seed=1",
    files={"/srv/run.rb": RUN, "/etc/ssl/openssl.cnf": sandbox.OLD_VERSIONS},
    least=137,
    differences={
        "OpenSSL::TestSSL#test_ecdh_curves_tls12":
            "the server's order of preference is of groups, too, and the test wants the client's",
    })
