#!/usr/bin/env python3
"""Checks that Spark reads what `idsync export` writes, and counts what DuckDB counts.

Run it with the Python of .venv, which has PySpark and DuckDB; PySpark needs Java 17. The path of the command is in IDSYNC_BIN.
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "export"))
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"

from pyspark.sql import SparkSession, functions  # noqa: E402

import check  # noqa: E402


def session():
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.session.timeZone", "UTC").config("spark.driver.host", "127.0.0.1")
    return builder.getOrCreate()


def compare(spark, folder):
    for table in check.TABLES:
        ours, theirs = check.rows(folder, table), spark.read.parquet(str(folder / table))
        by_day = {str(day): count for day, count in ours.aggregate("date, count(*)", "date").fetchall()}
        counted = {str(row["date"]): row["count"] for row in theirs.groupBy("date").count().collect()}
        print(f"{table}: {counted}")
        assert counted == by_day, f"{table}: DuckDB counts {by_day}"
        assert set(theirs.columns) == set(ours.columns), theirs.columns
    lasted = spark.read.parquet(str(folder / "spells")).agg(functions.sum("ms_in_day")).first()[0]
    assert lasted == check.rows(folder, "spells").aggregate("sum(ms_in_day)").fetchall()[0][0]
    began = spark.read.parquet(str(folder / "spells")).agg(functions.min("began_at")).first()[0]
    ours = check.rows(folder, "spells").aggregate("epoch_ms(min(began_at))").fetchall()[0][0]
    assert round(began.timestamp() * 1000) == ours, f"{began}: DuckDB has {ours}"


def main():
    spark = session()
    check.main(lambda folder: compare(spark, folder))
    spark.stop()


main()
