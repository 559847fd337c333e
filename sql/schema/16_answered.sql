-- A row is one question with an answer as of a moment: the latest, whichever version of the report it was
-- given to.
create or replace macro answered(as_of) as table
    select
        coalesce(former_number.question_number, answer.question_number) as question_number,
        arg_max(answer.answer, answer.answered_at) as answer
    from answer
    left join former_number on answer.question_number = former_number.former_number
    where answer.answered_at <= as_of
    group by all
