"""The scenario: what goes wrong in the simulated year, by a county's place in the annex and the month. Data alone."""

from datetime import time

BULLETIN = "monthly_dispatch"  # the kind of document that the scenario returns, renumbers and pairs with a county report

SENT_TWICE = {(0, 1), (4, 7)}
BROKEN_FIRST = {(1, 1), (6, 9)}  # half a file, then the complete one
OLD_NAME = {(4, 1), (2, 8)}  # the name of an Excel 97 workbook
PACKED = {(2, 1): 3, (0, 4): 1, (2, 10): 3}  # in one .zip with a neighbour's
COUNTED_TWICE = {(8, 1), (3, 9)}  # too many persons; corrected after the documents are issued
RETURNED = {(7, 1), (1, 10)}  # 累计 disagrees with 本月; the returned workbook is corrected and sent again
EXPLAINED = {(6, 2), (0, 11)}  # the same, and explained by telephone
WRONG_MONTH = {(5, 2)}  # last month's file under this month's name; the right one comes a day late
LATE = {(2, 4): 2, (7, 8): 1}  # working days after the due day

SLIP, PERSONS = 9, 12
CORRECTED_AFTER, LATE_CORRECTION_AFTER = 2, 9  # working days
REASON = f"经与社保数据比对，核减重复统计{PERSONS}人"
BY_TELEPHONE = "部分人员社保登记时间在次月，已逐人核对，按实际就业月份计入"

FORM_BOUNCES = {(3, 2), (5, 6)}  # the mailbox is full; the letter is sent again the next day

MACHINE_OFF = {1}  # months on whose dispatch day the machine is off
MAIL_DOWN = {2: 2}  # on the dispatch day and the next working day
REDRAFTED = {2, 6}  # months whose draft is returned and made again where newer reports have arrived
SKIPPED_NUMBERS = {2: 2}  # how many numbers of the series are used elsewhere
GAP_NOTE = "跳过的号用于局内其他文件"
ADDRESS_FOUND_IN = 2  # the month in which the missing address is added

# When the agenda runs. Staff decide right after the second and third run and letters leave a minute later, so that
# nobody is urged for a report that waits unread in the inbox.
MORNING, NOTICES_AT, DOCUMENTS_AT, EVENING = time(7, 30), time(9), time(15), time(17, 30)
FIRST_DELIVERY, LAST_DELIVERY = time(9, 1), time(15, 1)

RED_FOR_A_LETTER = 3  # with fewer red marks a county is informed by telephone
SILENT = {6}  # places of counties that answer no notices
EARLY, PROMPT_OF_TEN = 3, 9  # nine of ten send theirs in the three working days before the reminders
