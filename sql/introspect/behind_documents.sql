-- The one row is a hash of everything that the figures and words of documents come from: the same hash, the
-- same rows.
select
    (select (count(*), bit_xor(hash(submission))) from submission) as submissions,
    (select (count(*), bit_xor(hash(observation))) from observation) as observations,
    (select (count(*), bit_xor(hash(statement))) from statement) as statements,
    (select (count(*), bit_xor(hash(problem))) from problem) as problems,
    (select (count(*), bit_xor(hash(answer))) from answer) as answers,
    (select (count(*), bit_xor(hash(former_number))) from former_number) as former_numbers,
    (select (count(*), bit_xor(hash(issued))) from issued) as documents
