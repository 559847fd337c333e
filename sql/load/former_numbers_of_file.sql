-- Adds the former numbers of the questions of one file, from the registered frame `incoming` of its problems
-- as an earlier program had them: by the same rule, county and indicator, and the same words, or else the
-- same cell, or else where there is one such problem on either side.
with candidates as (
    select
        incoming.former_number,
        problem.question_number,
        problem.position,
        incoming.message = problem.message as has_same_words,
        incoming.sheet = problem.sheet and incoming.cell = problem.cell as has_same_cell,
        count(*) over (partition by incoming.former_number) = 1
        and count(*) over (partition by problem.question_number) = 1 as is_sole_one
    from incoming
    inner join submission
        on incoming.file_sha256 = submission.file_sha256 and incoming.part_reporter = submission.part_reporter
    inner join problem
        on
            submission.submission_id = problem.submission_id
            and incoming.rule = problem.rule
            and incoming.county = problem.county
            and incoming.indicator = problem.indicator
)

insert into former_number (former_number, question_number)
select
    former_number,
    question_number
from candidates
where has_same_words or has_same_cell or is_sole_one
qualify
    row_number() over (
        partition by former_number
        order by has_same_words desc, has_same_cell desc, position asc
    ) = 1
on conflict (former_number) do nothing
