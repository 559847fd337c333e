-- A row is one problem that has an answer as of a moment: its own, or one given to the same question of
-- another version of that month's report. The latest stands.
create or replace macro answered(as_of) as table
    with question as (
        select
            problem.problem_id,
            submission.reporter,
            submission.month,
            problem.rule,
            problem.county,
            problem.indicator,
            replace(problem.message, submission.file_name, '') as said
        from problem
        inner join submission on problem.sha256 = submission.sha256
    ),

    given as (
        select
            question.reporter,
            question.month,
            question.rule,
            question.county,
            question.indicator,
            question.said,
            arg_max(answer.answer, answer.answered_at) as answer
        from answer
        inner join question on answer.problem_id = question.problem_id
        where answer.answered_at <= as_of
        group by all
    )

    select
        question.problem_id,
        given.answer
    from question
    inner join given
        on
            question.reporter = given.reporter
            and question.month = given.month
            and question.rule = given.rule
            and question.county = given.county
            and question.indicator = given.indicator
            and question.said = given.said
