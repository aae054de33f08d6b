"""Résumés of nobody, as an applicant would choose them."""

READABLE = """周小禾
电话：13800002071
邮箱：zhou.xiaohe@example.com
现居：上海

工作经历
2021.03 - 至今  拓扑网络科技有限公司  后端工程师
负责订单服务的设计与开发。

教育经历
2014.09 - 2018.06  华东理工大学  计算机科学与技术  本科

技能：Python、PostgreSQL、Go
""".encode()

UNREADABLE = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nthis is not a whole file"
