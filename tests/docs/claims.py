"""Which test runs which code block: all blocks of a page, in their order.

`python -m tests.docs` spoils each in turn, and its test has to fail.
"""

from typing import NamedTuple


class Block(NamedTuple):
    """`test` stands below tests/. `not_run` is why it looks at the block and does not run it."""

    language: str
    test: str
    not_run: str = ""


_LONG = "it takes minutes; another test runs it in small"
_MADE_ELSEWHERE = "what a run printed, on a machine with more time"
_ITSELF = "these are what runs this test, or would take as long"

_README = (
    Block("sh", "docs/test_readme.py::test_make_knows_its_targets", _ITSELF),
    Block("sh", "docs/test_readme.py::test_curl"),
    Block("python", "docs/test_readme.py::test_the_python_of_codes"),
    Block("python", "docs/test_readme.py::test_the_python_of_notices"),
    Block("sh", "docs/test_going_live.py::test_tables_are_made_and_the_doctor_is_content"),
)
_COMMAND = Block("console", "docs/test_commands.py::test_what_is_shown_is_what_is_printed")
_HOUSE = Block("", "docs/test_references.py::test_the_house_stands_as_drawn")
_PROJECT = "outside/test_project.py::test_its_tests_pass"
_EMPTY = "package/test_empty_project.py"
_OVER_HTTP = "test_a_code_is_verified_over_http_and_operators_have_their_pages"

BLOCKS = {
    "CONTRIBUTING.md": (
        Block("sh", "docs/test_contributing.py::test_its_commands_are_there", _ITSELF),
    ),
    "README.md": _README,
    "README.zh-CN.md": _README,
    "docs/api.md": (
        Block("sh", "docs/test_api.py::test_the_notice_that_is_shown_can_be_typed"),
        Block("python", "docs/test_api.py::test_the_calls_that_are_shown"),
    ),
    "docs/captcha.md": (
        Block("sh", "docs/test_captcha.py::test_its_times_have_their_command", _LONG),
        Block("python", "docs/test_captcha.py::test_geetest_is_asked_as_its_document_says"),
        Block("js", "browser/test_vendors_captchas.py::test_geetests_answer_is_what_it_validated"),
        Block("python", "docs/test_captcha.py::test_tianyu_is_asked_as_its_document_says"),
        Block("js", "browser/test_vendors_captchas.py::test_tianyus_answer_is_its_ticket"),
    ),
    "docs/commands.md": (_COMMAND,) * 10,
    "docs/dashboard.md": (
        Block("sh", "docs/test_dashboard.py::test_texts_of_before_are_summed_up"),
        Block("sh", "docs/test_dashboard.py::test_the_benchmark_measures_what_is_shown", _LONG),
        Block(
            "", "docs/test_dashboard.py::test_the_benchmark_measures_what_is_shown", _MADE_ELSEWHERE
        ),
        Block("", "docs/test_dashboard.py::test_the_plans_are_of_the_sums_alone", _MADE_ELSEWHERE),
        Block("", "docs/test_dashboard.py::test_the_plans_are_of_the_sums_alone", _MADE_ELSEWHERE),
    ),
    "docs/design.md": (_HOUSE, _HOUSE),
    "docs/frontend.md": (
        Block("html", "browser/test_snippets.py::test_a_whole_page"),
        Block(
            "bash",
            "docs/test_frontend.py::test_a_page_at_another_port_is_let_in",
            "it would take the ports of whoever works here; its variable is read",
        ),
        Block("html", "browser/test_snippets.py::test_a_form"),
        Block("html", "browser/test_snippets.py::test_an_input_that_stands_there_before"),
        Block("js", "browser/test_snippets.py::test_by_hand"),
    ),
    "docs/guard.md": (
        Block("sh", "docs/test_guard.py::test_the_commands_of_the_made_up_day_are_those_that_ran"),
        Block("python", "docs/test_guard.py::test_what_is_written_down_can_be_replayed"),
        Block("python", "docs/test_guard.py::test_the_log_of_a_week_becomes_a_file"),
        Block("sh", "docs/test_guard.py::test_what_is_written_down_can_be_replayed"),
    ),
    "docs/migration.md": (
        Block(
            "python",
            "docs/test_migration.py::test_the_old_views_can_be_read_and_what_they_need_is_deleted",
            "it is what the mall had, with a platform's library that is not here",
        ),
        Block("python", "docs/test_migration.py::test_shoppers_are_brought_along"),
        Block("python", "docs/test_migration.py::test_the_new_views"),
        Block("html", "browser/test_snippets.py::test_the_malls_registration"),
    ),
    "docs/monitoring.md": (
        Block("json", "docs/test_tables.py::test_every_field_of_the_log"),
        Block(
            "sh",
            "docs/test_monitoring.py::test_one_text_is_found_in_the_log",
            "journalctl needs systemd; the rest is run",
        ),
        Block("sh", "docs/test_monitoring.py::test_the_variables_of_traces_are_opentelemetrys"),
    ),
    "docs/operations.md": (
        Block("sh", "docs/test_operations.py::test_the_server_answers"),
        Block(
            "sh",
            "docs/test_operations.py::test_the_sweep_takes_its_options",
            "it never ends; the sweep's own tests run it",
        ),
        Block(
            "sh",
            "docs/test_operations.py::test_a_worker_is_one_of_the_units",
            "tests/queue runs what the units start",
        ),
        Block("sh", "docs/test_operations.py::test_an_address_of_redis_is_understood"),
        Block(
            "sh",
            "docs/test_operations.py::test_what_is_restarted_is_there",
            "systemctl needs systemd; tests/rolling restarts the same parts",
        ),
        Block("sh", "docs/test_operations.py::test_a_command_runs"),
        Block("sh", "docs/test_operations.py::test_a_command_runs"),
        Block("sh", "docs/test_operations.py::test_a_command_runs"),
    ),
    "docs/providers.md": (
        Block("python", "verifications/providers/test_acme.py"),
        Block("json", "verifications/providers/test_acme.py"),
        Block("python", "verifications/providers/test_acme.py"),
    ),
    "docs/python.md": (
        Block("sh", f"{_EMPTY}::test_pip_makes_it_of_a_clone"),
        Block("python", f"{_EMPTY}::{_OVER_HTTP}"),
        Block("python", f"{_EMPTY}::{_OVER_HTTP}"),
        Block("python", f"{_EMPTY}::test_a_test_of_theirs_reads_the_text"),
        Block("python", _PROJECT),
        Block("python", _PROJECT),
        Block("python", "outside/test_project.py::test_it_texts_by_the_sandbox"),
        Block("python", _PROJECT),
        Block("python", _PROJECT),
        Block("html", _PROJECT),
        Block("python", _PROJECT),
    ),
    "docs/reliability.md": (
        Block(
            "sh", "docs/test_reliability.py::test_the_word_that_is_typed_is_one_of_a_case", _LONG
        ),
        Block("sh", "docs/test_reliability.py::test_a_failover_prints_its_numbers", _ITSELF),
    ),
    "docs/sandbox.md": (Block("sh", "docs/test_sandbox.py::test_the_examples"),),
    "docs/security.md": (Block("sh", "docs/test_security.py::test_its_commands_are_there", _LONG),),
    "docs/templates.md": (
        Block("", "docs/test_templates.py::test_its_characters_are_counted"),
        Block("python", "docs/test_templates.py::test_the_settings_are_settings"),
    ),
    "docs/testing.md": (
        Block("python", "outside/test_project.py::test_its_tests_pass"),
        Block("ini", "outside/test_project.py::test_pytest_finds_the_settings_by_its_own_file"),
        Block("python", _PROJECT),
        Block("python", "outside/test_project.py::test_without_pytest"),
    ),
}
