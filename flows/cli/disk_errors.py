"""Translate errors of the operating system about disks and files into Chinese sentences with a remedy."""

import errno

_SENTENCES = {
    errno.ENOSPC: "磁盘满了{where}。清理磁盘后再运行一次",
    errno.EDQUOT: "磁盘配额用完了{where}。清理磁盘或请管理员放宽后再运行一次",
    errno.EROFS: "磁盘是只读的{where}。检查磁盘和挂载，恢复可写后再运行一次",
    errno.EACCES: "没有权限{where}。检查文件归谁所有，用有权限的用户再运行一次",
    errno.EPERM: "没有权限{where}。检查文件归谁所有，用有权限的用户再运行一次",
    errno.ENOENT: "没有这个文件或文件夹{where}",
    errno.EIO: "磁盘读写出错{where}。检查磁盘，必要时从备份恢复",
}


def os_error_message(fault: OSError) -> str:
    """The sentence for a known errno; the text of any other error as it is."""
    where = f"（{fault.filename}）" if fault.filename else ""
    return _SENTENCES[fault.errno].format(where=where) if fault.errno in _SENTENCES else str(fault)
