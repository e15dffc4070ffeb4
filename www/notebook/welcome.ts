/** What a first visit shows: the whole job on 344 penguins, in seconds. Real Spark runs it too; only the charts of models are Kindling's. */

import { newCell, type Cell, type Notebook } from './document';

const text = (source: string): Cell => newCell('markdown', source);
const code = (source: string): Cell => newCell('code', source);

export function welcome(): Notebook {
  return {
    title: 'Which penguin is it?',
    cells: [
      text(`# Which penguin is it?

Three kinds of penguin live around Palmer Station. Somebody measured 344 of them. Can a model tell which is which?

Press **Shift Enter** to go through the cells one by one, or **Run all** above. This is PySpark: the same cells run on a Spark cluster.
Here the cluster is your browser, and nothing leaves it.`),
      code(`from pyspark.sql import functions as F

penguins = spark.read.csv("/datasets/penguins.csv", header=True, inferSchema=True, nullValue="NA")
display(penguins)`),
      text(`## Look first

Gentoos are heavy. Adelies and Chinstraps are alike but for the bill: look at its length.`),
      code(`display(
    penguins.groupBy("species")
    .agg(
        F.count("*").alias("birds"),
        F.round(F.avg("bill_length_mm"), 1).alias("bill_length_mm"),
        F.round(F.avg("flipper_length_mm"), 1).alias("flipper_length_mm"),
        F.round(F.avg("body_mass_g"), 0).alias("body_mass_g"),
    )
    .orderBy("species")
)`),
      code(`penguins.plot.scatter(x="bill_length_mm", y="flipper_length_mm", color="species")`),
      text(`## Prepare and train

The bill gives it away. So make it harder: the model has to do without \`bill_length_mm\`. A pipeline keeps each step in its place: words
become numbers, gaps are filled, everything is scaled. A fifth of the birds is kept aside as a test that the model never sees.`),
      code(`from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import Imputer, OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler

numeric = ["bill_depth_mm", "flipper_length_mm", "body_mass_g"]
known = penguins.dropna(subset=["sex"])
for name in numeric:
    known = known.withColumn(name, F.col(name).cast("double"))
train, test = known.randomSplit([0.8, 0.2], seed=42)

stages = [
    StringIndexer(inputCols=["species", "sex"], outputCols=["label", "sex_index"]),
    OneHotEncoder(inputCols=["sex_index"], outputCols=["sex_vec"]),
    Imputer(inputCols=numeric, outputCols=[f"{name}_filled" for name in numeric]),
    VectorAssembler(inputCols=[f"{name}_filled" for name in numeric] + ["sex_vec"], outputCol="raw"),
    StandardScaler(inputCol="raw", outputCol="features", withMean=True),
]
model = Pipeline(stages=stages + [LogisticRegression(regParam=0.01)]).fit(train)
predictions = model.transform(test)

accuracy = MulticlassClassificationEvaluator(metricName="accuracy")
print(f"{accuracy.evaluate(predictions):.1%} of {test.count()} unseen penguins named correctly")
display(predictions.select("species", "sex", "body_mass_g", "prediction", "probability"))`),
      text(`Which ones does it mix up? \`kindling.plot\` is the one import here that is not Spark's: on a cluster its charts are left out, and the
rest runs.`),
      code(`try:
    from kindling import plot
except ImportError:
    plot = None

plot and plot.confusion_matrix(predictions)`),
      text(`## Cross-validate

How deep should the trees of a forest be? Try five depths, each on three folds, and let the scores decide. Trees need no scaling, so the
forest takes the features as they were before it.`),
      code(`from pyspark.ml.classification import RandomForestClassifier
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

forest = RandomForestClassifier(featuresCol="raw", numTrees=20, seed=7)
grid = ParamGridBuilder().addGrid(forest.maxDepth, [1, 2, 3, 5, 8]).build()
cv = CrossValidator(
    estimator=Pipeline(stages=stages[:-1] + [forest]),
    estimatorParamMaps=grid,
    evaluator=accuracy,
    numFolds=3,
    parallelism=2,
    seed=7,
)
cv_model = cv.fit(train)
print(f"{accuracy.evaluate(cv_model.transform(test)):.1%} with the best depth")
plot and plot.cv_scores(cv_model)`),
      code(`plot and plot.feature_importances(cv_model.bestModel, train)`),
      text(`## One against the rest

Is it a Chinstrap, yes or no? With two classes there is a curve: how many false alarms does each more Chinstrap found cost?`),
      code(`chinstrap = train.withColumn("label", (F.col("species") == "Chinstrap").cast("double"))
binary = Pipeline(
    stages=[VectorAssembler(inputCols=numeric, outputCol="features"), LogisticRegression()]
).fit(chinstrap)

plot and plot.roc_curve(binary.transform(chinstrap))`),
      text(`## Your turn

- Add \`"bill_length_mm"\` to \`numeric\` above, press **Run all**, and see what the bill is worth.
- Drop a CSV of your own on the page, or take a data set from **Data**.
- **Add** has forms that write cells for you: load, prepare, train, cross-validate, chart.
- **Share** puts the whole notebook into a link.`),
    ],
  };
}
