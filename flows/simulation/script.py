"""The script (剧本): what goes otherwise than it should, by a county's place in the annex and the month. Data alone."""

from datetime import time

SENT_TWICE = {(0, 1), (4, 7)}
BROKEN_FIRST = {(1, 1), (6, 9)}  # half a file, then the whole one
OLD_NAME = {(4, 1), (2, 8)}  # the name of an Excel 97 workbook
PACKED = {(2, 1): 3, (0, 4): 1, (2, 10): 3}  # with the neighbour's in one .zip
COUNTED_TWICE = {(8, 1), (3, 9)}  # too many persons at first; put right after the documents are out
RETURNED = {(7, 1), (1, 10)}  # 累计 is not what 本月 adds to; the marked workbook comes back mended
EXPLAINED = {(6, 2), (0, 11)}  # the same, and explained by telephone
WRONG_MONTH = {(5, 2)}  # last month's file under this month's name; the right one comes a day late
LATE = {(2, 4): 2, (7, 8): 1}  # working days after the due day

SLIP, PERSONS = 9, 12
MENDS_AFTER, CORRECTS_AFTER = 2, 9  # working days
REASON = f"经与社保数据比对，核减重复统计{PERSONS}人"
BY_TELEPHONE = "部分人员社保登记时间在次月，已逐人核对，按实际就业月份计入"

OFF = {1}  # months on whose dispatch day the machine is off
MAIL_DOWN = {2: 2}  # on the dispatch day and the next working day
REDRAFTED = {2, 6}  # months whose draft goes back to be made again where newer reports have come
GAP = {2: 2}  # so many numbers of the series are the bureau's own
GAP_NOTE = "跳过的号用于局内其他文件"
ADDRESS_FOUND_IN = 2  # the month in which the missing address is added

# When the agenda is looked at; people decide right after the second and the third look, and letters go a minute later,
# so that nobody is written to about what lies unread in the inbox.
MORNING, NOTICES_AT, DOCUMENTS_AT, EVENING = time(7, 30), time(9), time(15), time(17, 30)
FIRST_POST, LAST_POST = time(9, 1), time(15, 1)

RED_WORTH_A_LETTER = 3  # fewer red figures are spoken of by telephone
SILENT = {6}  # places of counties that answer no notice
EARLY, PROMPT_OF_TEN = 3, 9  # nine of ten send theirs in the three working days before the reminders
